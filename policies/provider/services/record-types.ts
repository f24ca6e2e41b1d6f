import { randomUUID } from 'node:crypto';
import type { RecordType } from './records';

const CANARY_NAME = 'aios-network-canary';
const PURPOSE =
  'Shows for a moment that the policies system finds what it stores. Stands for nothing and may be deleted.';

export const policyRecords: RecordType = {
  path: '/policy',
  key: 'policy_rule_uri',
  canary() {
    const releaseTag = randomUUID();
    const entry = {
      name: CANARY_NAME,
      version: 'v0.0.0',
      release_tag: releaseTag,
      metadata: {},
      tags: [],
      code: '',
      code_type: 'zip',
      type: 'canary',
      policy_input_schema: {},
      policy_output_schema: {},
      policy_settings_schema: {},
      policy_parameters_schema: {},
      policy_settings: {},
      policy_parameters: {},
      description: PURPOSE,
      functionality_data: {},
      resource_estimates: {},
    };
    return { name: `${CANARY_NAME}:v0.0.0-${releaseTag}`, entry };
  },
};

export const executorRecords: RecordType = {
  path: '/executor',
  key: 'executor_id',
  canary() {
    const name = `${CANARY_NAME}-${randomUUID()}`;
    const entry = {
      executor_id: name,
      executor_metadata: { purpose: PURPOSE },
      executor_hardware_info: {},
      cluster_public_ip: '127.0.0.1',
    };
    return { name, entry };
  },
};
