"""Every email of the local system ends here: a mail server that sends nothing on, and a page that shows it all."""
