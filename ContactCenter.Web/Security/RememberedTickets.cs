using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;

namespace ContactCenter.Security;

/// <summary>
/// Unseals a session's cookie once for the requests of some seconds: to unseal it costs more than all else that says who
/// asks. Only what a cookie says is remembered, by its exact text; whether its session holds is asked with every
/// request (<see cref="SessionCheck"/>). What was refused is not remembered.
/// </summary>
sealed class RememberedTickets(ISecureDataFormat<AuthenticationTicket> inner, TimeProvider clock)
    : ISecureDataFormat<AuthenticationTicket>
{
    /// <summary>How long a cookie is remembered after it was unsealed.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    /// <summary>How many are remembered at most, at some 5 KB each.</summary>
    internal const int Size = 2_000;

    private readonly ConcurrentDictionary<string, Remembered> tickets = new(StringComparer.Ordinal);
    private readonly Lock forgetting = new();
    private DateTimeOffset forgotten = clock.GetUtcNow();

    internal int Count => tickets.Count;

    public string Protect(AuthenticationTicket data) => inner.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => inner.Protect(data, purpose);

    public AuthenticationTicket? Unprotect(string? protectedText) => Unprotect(protectedText, null);

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose)
    {
        if (protectedText is null || purpose is not null) return inner.Unprotect(protectedText, purpose);
        var now = clock.GetUtcNow();
        // A request may change what it is given: each has its own.
        if (tickets.TryGetValue(protectedText, out var known) && known.HoldsAt(now)) return known.Ticket.Clone();
        if (inner.Unprotect(protectedText) is not { } ticket) return null;
        Forget(now);
        tickets[protectedText] = new Remembered(ticket.Clone(), now);
        return ticket;
    }

    private void Forget(DateTimeOffset now)
    {
        lock (forgetting)
        {
            if (tickets.Count < Size && (now - forgotten).Duration() < Life) return;
            foreach (var (text, ticket) in tickets)
                if (!ticket.HoldsAt(now)) tickets.TryRemove(text, out _);
            if (tickets.Count >= Size) tickets.Clear();
            forgotten = now;
        }
    }

    private sealed record Remembered(AuthenticationTicket Ticket, DateTimeOffset At)
    {
        public bool HoldsAt(DateTimeOffset now) => (now - At).Duration() < Life;
    }
}
