"""How a message leaves: by SMTP or by GOV.UK Notify, from a queue whose rows are taken by lease."""
