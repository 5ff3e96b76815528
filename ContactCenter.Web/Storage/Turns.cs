using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>Lets nodes take turns at what must not happen twice at once.</summary>
public static class Turns
{
    // Any fixed numbers, the same on every node; see also Migrator.
    private const long Accounts = 5_014_201_812;
    private const long Demo = 5_014_201_813;

    /// <summary>Waits until nobody else creates an account; the turn ends with the transaction, which must be open.</summary>
    public static Task TakeAccountsTurnAsync(this Database database, CancellationToken cancel = default) =>
        database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Accounts})", cancel);

    /// <summary>Waits until nobody else counts or changes the campaign's queue: the turn of the assignment, which must be open too.</summary>
    public static Task TakeQueueTurnAsync(this Database database, Guid campaign, CancellationToken cancel = default)
    {
        var key = campaign.ToString("N");
        return database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key}, 1))", cancel);
    }

    /// <summary>
    /// Waits until no other node makes the demo; the turn ends with the transaction, which must be open. It may stand idle
    /// for as long as making the accounts takes: nobody waits for it but another node that starts.
    /// </summary>
    public static Task TakeDemoTurnAsync(this Database database, CancellationToken cancel = default) =>
        database.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock({Demo}), set_config('idle_in_transaction_session_timeout', '0', true)", cancel);
}
