using ContactCenter.Domain;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Weasel.Core;

namespace ContactCenter.Storage;

/// <summary>
/// What administrators open in a form is a document (Marten), in the schema <c>docs</c>: one table for each, its fields
/// as JSON, and beside them the few that statements look for. The tables are in <c>Migrations/</c> like all others, and
/// SchemaTests holds both together; Marten never changes them. SQL and the model read them by views of plain names.
/// </summary>
public static class Documents
{
    /// <summary>Each kind of document there is.</summary>
    public static IReadOnlyList<Type> All { get; } =
        [typeof(Client), typeof(Project), typeof(Department), typeof(BreakReason)];

    public static DocumentStore Open(NpgsqlDataSource source) => DocumentStore.For(options =>
    {
        options.Connection(source);
        Configure(options);
    });

    public static void Configure(StoreOptions options)
    {
        options.DatabaseSchemaName = "docs";
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.UseSystemTextJsonForSerialization(EnumStorage.AsInteger, Casing.Default);
        options.Policies.DisableInformationalFields();
        options.Policies.ForAllDocuments(mapping =>
        {
            if (!typeof(ICatalogued).IsAssignableFrom(mapping.DocumentType)) return;
            mapping.UseNumericRevisions = true;
            mapping.Metadata.Revision.Member = mapping.DocumentType.GetProperty(nameof(ICatalogued.Version))!;
            // Without an index for each: what looks for them is served by those of names and searches.
            mapping.DuplicateField(nameof(ICatalogued.Name), "text", notNull: true);
            mapping.DuplicateField(nameof(ICatalogued.Active), notNull: true);
        });
        Named<Client>(options, "clients");
        Named<Project>(options, "projects");
        Named<Department>(options, "departments");
        Named<BreakReason>(options, "break_reasons");
        options.Schema.For<Project>().ForeignKey<Client>(project => project.ClientId);
    }

    // The index of unique names without case, and that of searches: expressions of our own, which Marten leaves alone.
    private static void Named<T>(StoreOptions options, string name) where T : ICatalogued =>
        options.Schema.For<T>().IgnoreIndex($"{name}_name").IgnoreIndex($"{name}_search");

    /// <summary>Stores new documents within the transaction that is open, or one of their own.</summary>
    public static async Task InsertAsync(
        this Database database, IDocumentStore store, IReadOnlyCollection<object> documents,
        CancellationToken cancel = default)
    {
        await using var own = database.Database.CurrentTransaction is null
            ? await database.Database.BeginTransactionAsync(cancel)
            : null;
        var transaction = (NpgsqlTransaction)database.Database.CurrentTransaction!.GetDbTransaction();
        await using (var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction)))
        {
            session.InsertObjects(documents);
            await session.SaveChangesAsync(cancel);
        }
        if (own is not null) await own.CommitAsync(cancel);
    }

    /// <summary>What PostgreSQL said, where it was it that refused; else null.</summary>
    public static string? Refusal(Exception problem) => problem switch
    {
        DocumentAlreadyExistsException => PostgresErrorCodes.UniqueViolation,
        PostgresException refused => refused.SqlState,
        { InnerException: { } inner } => Refusal(inner),
        _ => null,
    };
}
