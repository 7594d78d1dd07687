// A client of quality-on-demand in Node that does all that the cases ask for; its argument names a defect that it has.
// One JSON object a line comes in on stdin, one goes out on stdout: see protocol.schema.json.

import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";

const BUG = process.argv[2] ?? "none";
const POSITIONAL = [
  "profile", "duration", "service_ipv4", "service_ipv6", "device_ports", "service_ports", "sink", "sink_credential",
];
const CALLS = ["create", "list", "get", "extend", "delete"];
const WIRE = { device_ports: "devicePorts", service_ports: "applicationServerPorts", sink: "sink", sink_credential: "sinkCredential" };
const bug = (name) => BUG === name;
let base, given;

class ClientError extends Error {}

function camel(value) {
  if (value === null || typeof value !== "object") return value;
  const name = (text) => text.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [name(key), camel(item)]));
}

function wireDevice(device) {
  const wire = camel(device);
  if (bug("first identifier only")) return Object.fromEntries(Object.entries(wire).slice(0, 1));
  if (bug("network access identifier dropped")) delete wire.networkAccessIdentifier;
  if (bug("public port as text") && wire.ipv4Address) wire.ipv4Address.publicPort = `${wire.ipv4Address.publicPort}`;
  return wire;
}

function check({ profile, duration, service_ipv4: ipv4, service_ipv6: ipv6 }) {
  if (bug("unchecked")) return;
  const is4 = (text) => /^\d+(\.\d+){3}(\/\d+)?$/.test(text);
  const is6 = (text) => typeof text === "string" && text.includes(":");
  if (typeof profile !== "string" || is4(profile) || is6(profile)) throw new ClientError("profile has to be a name");
  if (!Number.isInteger(duration)) throw new ClientError("duration has to be a whole number");
  if (ipv4 !== undefined && !is4(ipv4)) throw new ClientError("service_ipv4 has to be an IPv4 address");
  if (ipv6 !== undefined && !is6(ipv6)) throw new ClientError("service_ipv6 has to be an IPv6 address");
  if (ipv4 === undefined && ipv6 === undefined) throw new ClientError("an address is needed");
}

function bodyOf(args, device) {
  const server = {};
  const cut = (text) => (bug("mask dropped") ? text.split("/")[0] : text);
  if (args.service_ipv4 !== undefined) server.ipv4Address = cut(args.service_ipv4);
  if (args.service_ipv6 !== undefined) server.ipv6Address = cut(args.service_ipv6);
  if (bug("undefined as null")) server.ipv4Address ??= null;
  if (bug("second address lost") && server.ipv4Address) delete server.ipv6Address;
  let seconds = args.duration;
  if (bug("duration capped")) seconds = Math.min(seconds, 86400);
  if (bug("duration of 16 bits")) seconds &= 0xffff;
  if (bug("duration as text")) seconds = `${seconds}`;
  if (bug("duration in milliseconds")) seconds *= 1000;
  const body = { device: wireDevice(device), qosProfile: args.profile, duration: seconds, applicationServer: server };
  for (const [role, name] of Object.entries(WIRE)) if (args[role] !== undefined) body[name] = structuredClone(args[role]);
  if (bug("expiry lost")) delete body.sinkCredential?.accessTokenExpiresUtc;
  if (bug("sink lost")) delete body.sink;
  if (bug("label in lower case")) body.qosProfile = body.qosProfile.toLowerCase();
  if (bug("ranges lost")) for (const name of ["devicePorts", "applicationServerPorts"]) delete body[name]?.ranges;
  return body;
}

async function send(method, path, content, tries = 3) {
  const headers = { ...given, "content-type": "application/json", "x-correlator": bug("correlator reused") ? "one" : randomUUID() };
  if (bug("key lost")) delete headers["X-RapidAPI-Key"];
  const answer = await fetch(base + path, { method, headers, body: content && JSON.stringify(content) });
  const text = await answer.text();
  if (bug("sent again") && path === "/sessions" && answer.status >= 500 && tries > 1) return send(method, path, content, tries - 1);
  const payload = text ? JSON.parse(text) : null;
  if (answer.status >= 400 && !bug("errors swallowed")) {
    throw new ClientError(bug("error without message") ? "" : `${answer.status} ${payload?.code}`);
  }
  return payload;
}

function shown(session) {
  const { sessionId: id, qosProfile: profile, qosStatus: status, duration } = session;
  const told = { id, profile, status, duration, started_at: session.startedAt ?? null, expires_at: session.expiresAt ?? null };
  if (bug("status wrong")) told.status = "AVAILABLE";
  if (bug("profile wrong")) told.profile = "QOS_E";
  if (bug("device demanded")) told.device = session.device.phoneNumber;
  if (bug("times in milliseconds")) for (const name of ["started_at", "expires_at"]) told[name] &&= Date.parse(told[name]);
  return told;
}

async function call({ call: name, device, args = [], kwargs = {} }) {
  const path = `/sessions/${args[0]}`;
  if (name === "create") {
    const order = bug("order before 4") ? ["profile", "service_ipv4", "duration"] : POSITIONAL;
    const named = Object.fromEntries(args.map((value, index) => [order[index], value]));
    const both = Object.entries({ ...named, ...kwargs }).filter(([, value]) => value !== null);
    check(Object.fromEntries(both));
    return shown(await send("POST", "/sessions", bodyOf(Object.fromEntries(both), device)));
  }
  if (name === "list") {
    const sessions = await send("POST", "/retrieve-sessions", { device: wireDevice(device) });
    return (bug("first page only") ? sessions.slice(0, 20) : sessions).map(shown);
  }
  if (name === "get") return shown(await send("GET", path));
  if (name === "extend") return shown(await send("POST", `${path}/extend`, { requestedAdditionalDuration: args[1] }));
  return send("DELETE", path);
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = { id: request.id };
  try {
    if (request.call === "start") {
      [base, given] = [`${request.base_url}/quality-on-demand/v1`, request.headers];
      const errors = { "4xx": "ClientError", "5xx": "ClientError" };
      answer.result = { name: "node", version: "1", positional: POSITIONAL, calls: CALLS, errors };
    } else answer.result = await call(request);
  } catch (error) {
    answer.error = { type: error.constructor.name, message: error.message };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
