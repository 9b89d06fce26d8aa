#!/bin/sh
# One database for each service, with two roles: one owns the tables and migrates, the other is what the service is and
# owns nothing. PostgreSQL's image runs this once, on its first start.
set -eu

make_database() {
    psql --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname postgres \
        --set ON_ERROR_STOP=1 --set name="$1" --set owner="$1_owner" <<'SQL'
\getenv password RUNTIME_PASSWORD
\getenv owner_password OWNER_PASSWORD
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE :"name" LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";
SQL
}

RUNTIME_PASSWORD="$REVIEWS_DATABASE_PASSWORD" OWNER_PASSWORD="$REVIEWS_OWNER_PASSWORD"
export RUNTIME_PASSWORD OWNER_PASSWORD
make_database reviews

RUNTIME_PASSWORD="$CONFERENCES_DATABASE_PASSWORD" OWNER_PASSWORD="$CONFERENCES_OWNER_PASSWORD"
make_database conferences

RUNTIME_PASSWORD="$ESCALATIONS_DATABASE_PASSWORD" OWNER_PASSWORD="$ESCALATIONS_OWNER_PASSWORD"
make_database escalations

RUNTIME_PASSWORD="$NOTIFICATIONS_DATABASE_PASSWORD" OWNER_PASSWORD="$NOTIFICATIONS_OWNER_PASSWORD"
make_database notifications

RUNTIME_PASSWORD="$CHILDREN_DATABASE_PASSWORD" OWNER_PASSWORD="$CHILDREN_OWNER_PASSWORD"
make_database children

RUNTIME_PASSWORD="$REPORTS_DATABASE_PASSWORD" OWNER_PASSWORD="$REPORTS_OWNER_PASSWORD"
make_database reports
unset RUNTIME_PASSWORD OWNER_PASSWORD
