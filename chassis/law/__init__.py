"""Rules that services share: working days, time limits, ages, periods. No framework, no database, no clock."""
