// A mail server for tests: takes every mail and prints it as a line of JSON, after a first line with its port.
//   fail=N               refuses the first N mails for now (451), as a busy server does
//   hang=N               says nothing to the first N
//   drop=N               breaks the connection of the first N
//   refuse=address       refuses that recipient for good (550)
//   parting=none         takes a mail and leaves QUIT unanswered
//   login=user:password  demands that login
//   auth=none            knows of no login
//   tls=file.pem         offers STARTTLS with the certificate and key in that file, and takes nothing without
//   implicit=yes         with tls: speaks it from the first byte
//   at=address:port      listens there
import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const options = new Map(process.argv.slice(2).map((argument) => argument.split("=", 2)));
let failures = Number(options.get("fail") ?? 0);
let silences = Number(options.get("hang") ?? 0);
let drops = Number(options.get("drop") ?? 0);
const login = options.get("login");
const tls = options.has("tls") ? readFileSync(options.get("tls")) : undefined;
const [host, port] = (options.get("at") ?? "127.0.0.1:0").split(":");
const sockets = new Set();

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  ...(tls && { key: tls, cert: tls }),
  secure: options.has("implicit"),
  authOptional: !login,
  allowInsecureAuth: true,
  disabledCommands: [tls ? [] : "STARTTLS", options.get("auth") === "none" ? "AUTH" : []].flat(),
  onAuth(auth, _session, done) {
    print({ login: true });
    if (`${auth.username}:${auth.password}` === login) done(null, { user: auth.username });
    else done(new Error("Wrong login"));
  },
  onMailFrom: (_address, session, done) => done(tls && !session.secure ? refusal(530, "STARTTLS first") : null),
  onRcptTo: ({ address }, _session, done) =>
    done(address === options.get("refuse") ? refusal(550, "No such mailbox here") : null),
  onData(stream, session, done) {
    if (drops-- > 0) return sockets.forEach((socket) => socket.destroy());
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      if (silences-- > 0) return print({ silent: true });
      if (failures-- > 0) return done(refusal(451, "Try again later"));
      const { mailFrom, rcptTo } = session.envelope;
      const data = Buffer.concat(chunks).toString("latin1");
      print({ from: mailFrom.address, to: rcptTo.map((to) => to.address), data, secure: session.secure });
      done();
      if (options.get("parting") === "none") setImmediate(() => sockets.forEach(fallSilent));
    });
  },
});
function fallSilent(socket) {
  socket.write = socket.end = () => true;
  socket.on("data", (chunk) => chunk.toString().startsWith("QUIT") && print({ silent: true }));
}
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");
// Connections that are dropped or never encrypted are errors to it.
server.on("error", () => {});
server.server.on("connection", (socket) => sockets.add(socket));
server.listen(Number(port), host, () => print({ port: server.server.address().port }));
// Ends with the test process.
process.stdin.on("end", () => process.exit()).resume();
