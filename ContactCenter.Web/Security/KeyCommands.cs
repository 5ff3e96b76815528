using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace ContactCenter.Security;

/// <summary>
/// What an operator does about the keys, at a terminal: <c>keys</c> lists them, <c>keys renew</c> makes a new one and goes on
/// reading with the old ones, <c>keys revoke</c> makes a new one and ends what the old ones sealed. A node reads the keys
/// when it starts and once a day: who cannot wait starts the nodes again.
/// </summary>
public sealed class KeyCommands(IKeyManager keys, IOptions<KeyManagementOptions> options, KeyCertificate today, TimeProvider clock)
{
    /// <summary>0, or 2 when there is no such command.</summary>
    public int Run(string[] words, TextWriter terminal)
    {
        switch (words)
        {
            case []:
                List(terminal);
                return 0;
            case ["renew"]:
                Make(terminal);
                terminal.WriteLine("Start every node again. What was sealed before goes on being read.");
                return 0;
            case ["revoke"]:
                keys.RevokeAllKeys(clock.GetUtcNow(), "revoked by an operator");
                Make(terminal);
                terminal.WriteLine("Start every node again: then every session has ended, no visitor has a conversation to come back to, and no link in a mail works.");
                return 0;
            default:
                terminal.WriteLine("keys          lists them\nkeys renew    makes a new one; sessions and visitors' tokens go on\nkeys revoke   makes a new one; sessions, visitors' tokens and links in mails end");
                return 2;
        }
    }

    private void Make(TextWriter terminal)
    {
        var now = clock.GetUtcNow();
        var made = keys.CreateNewKey(now, now + options.Value.NewKeyLifetime);
        terminal.WriteLine($"Key {made.KeyId} is made.");
    }

    private void List(TextWriter terminal)
    {
        terminal.WriteLine(today.Certificate is { } certificate
            ? $"Sealed with {certificate.Subject} ({certificate.Thumbprint})."
            : "Not sealed: ContactCenter__KeyCertificate names no certificate.");
        var now = clock.GetUtcNow();
        var all = keys.GetAllKeys().OrderBy(key => key.ActivationDate).ToList();
        var seals = all.LastOrDefault(key => !key.IsRevoked && key.ActivationDate <= now && key.ExpirationDate > now);
        foreach (var key in all)
            terminal.WriteLine($"{key.KeyId}  {key.ActivationDate:yyyy-MM-dd HH:mm} to {key.ExpirationDate:yyyy-MM-dd HH:mm}  {(key.IsRevoked ? "revoked" : key == seals ? "seals and reads" : "reads")}");
    }
}
