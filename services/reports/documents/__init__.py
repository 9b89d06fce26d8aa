"""One model of a document, and the five forms that are made of it: HTML, PDF, DOCX, XLSX and CSV."""
