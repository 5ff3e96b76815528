// A mail server for tests: takes every mail and prints it as a line of JSON, after a first line with its port.
// "fail=N" makes it refuse the first N mails for now (451), as a busy server does; "hang=N" makes it say nothing to the first N;
// "login=user:password" demands that login.
import { SMTPServer } from "smtp-server";

const options = new Map(process.argv.slice(2).map((argument) => argument.split("=", 2)));
let failures = Number(options.get("fail") ?? 0);
let silences = Number(options.get("hang") ?? 0);
const login = options.get("login");

const server = new SMTPServer({
  authOptional: !login,
  allowInsecureAuth: true,
  disabledCommands: ["STARTTLS"],
  onAuth: (auth, _session, done) =>
    `${auth.username}:${auth.password}` === login ? done(null, { user: auth.username }) : done(new Error("Wrong login")),
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      if (silences-- > 0) return print({ silent: true });
      if (failures-- > 0) return done(Object.assign(new Error("Try again later"), { responseCode: 451 }));
      const { mailFrom, rcptTo } = session.envelope;
      print({ from: mailFrom.address, to: rcptTo.map((to) => to.address), data: Buffer.concat(chunks).toString("latin1") });
      done();
    });
  },
});
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");
server.listen(0, "127.0.0.1", () => print({ port: server.server.address().port }));
// Ends with the test process.
process.stdin.on("end", () => process.exit()).resume();
