using ContactCenter.Domain;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>Keeps the one code with which the first administrator is made.</summary>
public sealed class SetupCodeStore(IDbContextFactory<Database> databases, TimeProvider clock)
{
    public async Task<string?> FindAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.SetupCodes.Select(code => code.Sealed).SingleOrDefaultAsync(cancel);
    }

    /// <summary>Keeps this one unless there is one already, other than <paramref name="instead"/>: nodes that start together keep one.</summary>
    /// <returns>The one that is kept.</returns>
    public async Task<string?> KeepAsync(string sealedCode, string? instead, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        await database.Database.ExecuteSqlAsync($"""
            insert into setup_codes (id, sealed, at) values ({SetupCode.Only}, {sealedCode}, {clock.GetUtcNow()})
            on conflict (id) do update set sealed = excluded.sealed, at = excluded.at where setup_codes.sealed = {instead}
            """, cancel);
        return await database.SetupCodes.Select(code => code.Sealed).SingleOrDefaultAsync(cancel);
    }
}
