-- Who published an event that this service passes on; null where it is this service's own.
ALTER TABLE chassis.outgoing ADD COLUMN source varchar;

-- Outside subscribers are kept by the notifications service alone; what was registered here is registered anew there.
DELETE FROM chassis.delivery WHERE subscriber IN (SELECT id::text FROM chassis.webhook_endpoint);
DROP TABLE chassis.webhook_endpoint;
