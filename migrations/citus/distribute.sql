-- Distributes the tables over a Citus cluster, all rows of a company on one node. Run once on the coordinator, as the owner, after the
-- tables were made and while they are empty. The directory and the list of what ran stay on the coordinator.

SELECT create_distributed_table('heads', 'company_id', colocate_with => 'none');
SELECT create_distributed_table('company_keys', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('stream_keys', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('events', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('event_kinds', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('claims', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('receipts', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('timers', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('outbox', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('leases', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('tree_nodes', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('checkpoints', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('projections', 'company_id', colocate_with => 'heads');

SELECT create_distributed_table('canceled_demos', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('campaign_members', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('canceled_demos_journeys', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('contact_list', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('contact_list_keys', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('contact_list_search', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('journey_demos', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('journey_movements', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('journey_table', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('journey_table_versions', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('meeting_list', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('meeting_list_journeys', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('quote_list', 'company_id', colocate_with => 'heads');
SELECT create_distributed_table('sale_list', 'company_id', colocate_with => 'heads');
