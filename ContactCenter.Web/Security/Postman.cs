using ContactCenter.Domain;
using ContactCenter.Storage;

namespace ContactCenter.Security;

/// <summary>Carries mails out of the outbox (D9): each is written, sent and reported; what fails is tried again later.</summary>
public sealed partial class Postman
{
    private const int AtOnce = 10;

    private readonly OutboxStore outbox;
    private readonly Letters letters;
    private readonly Mailer mailer;
    private readonly ILogger<Postman> log;
    private long pending;

    public Postman(OutboxStore outbox, Letters letters, Mailer mailer, ILogger<Postman> log)
    {
        (this.outbox, this.letters, this.mailer, this.log) = (outbox, letters, mailer, log);
        Telemetry.ObserveOutbox(() => Interlocked.Read(ref pending));
    }

    /// <summary>One round: what is due, some at once. Without a mail server everything stays where it is.</summary>
    public async Task DeliverAsync(CancellationToken cancel)
    {
        if (!mailer.IsConfigured) return;
        var due = await outbox.ClaimAsync(AtOnce, cancel);
        await Task.WhenAll(due.Select(mail => DeliverAsync(mail, cancel)));
        if (due.Count > 0 || Interlocked.Read(ref pending) > 0) Interlocked.Exchange(ref pending, await outbox.CountAsync(cancel));
    }

    private async Task DeliverAsync(OutboxMail mail, CancellationToken cancel)
    {
        try
        {
            if (await letters.WriteAsync(mail) is not { } letter)
            {
                await outbox.DropAsync(mail, cancel);
                return;
            }
            await mailer.SendAsync(letter, cancel);
        }
        catch (Exception problem) when (!cancel.IsCancellationRequested
            && problem is MailException or FormatException or IOException or NoAddressException)
        {
            var next = await outbox.FailedAsync(mail, problem.Message, cancel);
            if (next is { } again) LogRetry(mail.Id, mail.Attempts, again);
            else LogDead(mail.Id, mail.Attempts);
            return;
        }
        // It has left, whatever stops us now: a second one is worse than a late note.
        await outbox.SentAsync(mail, CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Mail} could not be sent (attempt {Attempt}); again at {At}")]
    private partial void LogRetry(Guid mail, int attempt, DateTimeOffset at);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Mail} is a dead letter after {Attempts} attempts; the job monitor can send it again")]
    private partial void LogDead(Guid mail, int attempts);
}
