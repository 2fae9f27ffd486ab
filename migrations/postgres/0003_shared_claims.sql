-- A claim may be held by several streams that share it on purpose.
ALTER TABLE claims DROP CONSTRAINT claims_pkey;
ALTER TABLE claims ADD PRIMARY KEY (company_id, mac, stream_kind, stream_id);
