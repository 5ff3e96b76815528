using ContactCenter.Domain;
using ContactCenter.Storage;
using Marten;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Database = ContactCenter.Storage.Database;

namespace ContactCenter.Tests.Support;

/// <summary>Puts into a database what a test finds there: documents and rows in their order.</summary>
static class Inserts
{
    // Its sessions are on the connection of whoever asks.
    private static readonly DocumentStore Store = DocumentStore.For(options =>
    {
        options.Connection("Host=localhost");
        Documents.Configure(options);
    });

    public static async Task InsertAsync(this Database database, params object[] entities)
    {
        foreach (var entity in entities)
        {
            if (Documents.All.Contains(entity.GetType()))
            {
                await Documents.InsertAsync(database, Store, [entity]);
                continue;
            }
            database.Add(entity);
            await database.SaveChangesAsync();
        }
    }

    /// <summary>Many documents at once.</summary>
    public static Task InsertDocumentsAsync(this Database database, IReadOnlyCollection<object> documents) =>
        Documents.InsertAsync(database, Store, documents);

    /// <summary>Changes a document as its form does.</summary>
    public static async Task ChangeAsync<T>(this Database database, Guid id, Action<T> change)
        where T : class, ICatalogued
    {
        await using var transaction = await database.Database.BeginTransactionAsync();
        var options = Marten.Services.SessionOptions.ForTransaction((NpgsqlTransaction)transaction.GetDbTransaction());
        await using (var session = Store.LightweightSession(options))
        {
            var document = await session.LoadAsync<T>(id);
            change(document!);
            session.UpdateRevision(document!, document!.Version + 1);
            await session.SaveChangesAsync();
        }
        await transaction.CommitAsync();
    }
}
