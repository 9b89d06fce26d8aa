"""HTTP: lists, pages, versions, repeated requests, imports, the OpenAPI document."""
