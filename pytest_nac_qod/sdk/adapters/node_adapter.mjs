// The NaC SDK for Node (npm network-as-code, 10.0.0) as a client program. One JSON object a line comes in on stdin, one
// goes out on stdout: see protocol.schema.json. Its one argument is the folder that the SDK is installed in.

import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.argv[2] ?? process.cwd(), "package.json"));
const sdk = await import(pathToFileURL(require.resolve("network-as-code")));
const { version } = require("network-as-code/package.json");

// the base class where a method does not list the status
const ERRORS = {
  400: "BadRequestError|NetworkAsCodeApiError",
  401: "UnauthorizedError|NetworkAsCodeApiError",
  403: "ForbiddenError|NetworkAsCodeApiError",
  404: "NotFoundError|NetworkAsCodeApiError",
  409: "ConflictError|NetworkAsCodeApiError",
  422: "UnprocessableEntityError|NetworkAsCodeApiError",
  429: "TooManyRequestsError|NetworkAsCodeApiError",
  500: "InternalServerError|NetworkAsCodeApiError",
  503: "ServiceUnavailableError|NetworkAsCodeApiError",
  "4xx": "NetworkAsCodeApiError",
  "5xx": "NetworkAsCodeApiError",
};
const NAMES = {
  profile: "qosProfile",
  duration: "duration",
  device_ports: "devicePorts",
  service_ports: "applicationServerPorts",
  sink: "sink",
  sink_credential: "sinkCredential",
};

let qod;

function start({ base_url: baseUrl, headers = {} }) {
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const { "x-rapidapi-key": apiKey = "", "x-rapidapi-host": rapidapiHost, ...others } = given;
  qod = new sdk.NetworkAsCodeApiClient({ baseUrl, apiKey, rapidapiHost, headers: others }).qod;
  const calls = ["create", "list", "get", "extend", "delete"];
  return { name: "network-as-code (npm)", version, positional: [], calls, errors: ERRORS, retries: 2 };
}

function camel(value) {
  if (Array.isArray(value)) return value.map(camel);
  if (value === null || typeof value !== "object") return value;
  const name = (text) => text.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [name(key), camel(one)]));
}

function asked(device, kwargs) {
  const request = { device: camel(device) };
  const server = {};
  if ("service_ipv4" in kwargs) server.ipv4Address = kwargs.service_ipv4;
  if ("service_ipv6" in kwargs) server.ipv6Address = kwargs.service_ipv6;
  request.applicationServer = server;
  for (const [role, name] of Object.entries(NAMES)) if (role in kwargs) request[name] = kwargs[role];
  return request;
}

function shown(session) {
  const { sessionId: id, qosProfile: profile, qosStatus: status, duration } = session;
  const [startedAt, expiresAt] = [session.startedAt, session.expiresAt].map((time) => time?.toISOString?.() ?? time ?? null);
  return { id, profile, status, duration, started_at: startedAt, expires_at: expiresAt };
}

// each call: the method, its arguments, and how its result is shown
const CALLS = {
  create: ({ device, args = [], kwargs = {} }) => [
    "createSessionV1", args.length > 0 ? args : [asked(device, kwargs)], shown,
  ],
  list: ({ device }) => ["retrieveSessionsV1", [{ device: camel(device) }], (found) => found.map(shown)],
  get: ({ args: [sessionId] }) => ["getSessionV1", [{ sessionId }], shown],
  extend: ({ args: [sessionId, seconds] }) => [
    "extendSessionV1", [{ sessionId, requestedAdditionalDuration: seconds }], shown,
  ],
  delete: ({ args: [sessionId] }) => ["deleteSessionV1", [{ sessionId }], () => null],
};

async function answer(request) {
  const { id } = request;
  if (request.call === "start") return { id, result: start(request) };
  const [method, args, show] = CALLS[request.call](request);
  const options = request.options === undefined ? [] : [{ maxRetries: request.options.max_retries }];
  const source = `await client.qod.${method}(${[...args, ...options].map((one) => JSON.stringify(one)).join(", ")})`;
  try {
    return { id, source, result: show(await qod[method](...args, ...options)) };
  } catch (error) {
    return { id, source, error: { type: error?.constructor?.name ?? "Error", message: String(error?.message ?? error) } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
}
