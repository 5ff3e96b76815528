using System.Security.Cryptography;
using System.Text;
using ContactCenter.Domain;
using JasperFx;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using IDocumentSession = Marten.IDocumentSession;
using IDocumentStore = Marten.IDocumentStore;
using IQuerySession = Marten.IQuerySession;

namespace ContactCenter.Storage;

/// <summary>What administrators name and put other things into (D7). The names are parts of addresses.</summary>
public enum CatalogueKind
{
    Clients,
    Projects,
    Departments,
    Breaks,
}

/// <summary>One entry, as the table lists it and the form shows it.</summary>
public sealed record CatalogueEntry
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public bool Active { get; init; } = true;

    /// <summary>Whose project it is; of projects only.</summary>
    public Guid? ClientId { get; init; }
    public string? Client { get; init; }

    /// <summary>A name of <c>icons.txt</c>; of break reasons only.</summary>
    public string? Icon { get; init; }

    /// <summary>How many earlier conversations agents see (A14), 0 to 200; of clients only.</summary>
    public int? HistoryCount { get; init; }

    /// <summary>The service level promised (SLA), in percent and in seconds, or neither; of clients only.</summary>
    public int? ServiceLevelTarget { get; init; }

    /// <inheritdoc cref="ServiceLevelTarget"/>
    public int? ServiceLevelSeconds { get; init; }

    /// <summary>What is in it: projects, campaigns, campaigns and people, agents on that break.</summary>
    public int Used { get; init; }

    /// <summary>Changes exactly when what the form sets does.</summary>
    public string Version => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{ClientId} {Icon} {HistoryCount} {ServiceLevelTarget} {ServiceLevelSeconds} {Name}")).AsSpan(0, 12));
}

/// <summary>A page of the table.</summary>
/// <param name="Page">From 1; never past the last.</param>
public sealed record CataloguePage(IReadOnlyList<CatalogueEntry> Entries, int Page, bool More);

/// <summary>What came of a change to an entry.</summary>
public enum CatalogueOutcome
{
    Saved,
    NotFound,

    /// <summary>Somebody else saved it since it was read.</summary>
    Changed,

    /// <summary>Another one has this name.</summary>
    NameTaken,

    /// <summary>Something is in it: it can be deactivated, never deleted.</summary>
    Used,

    /// <summary>Campaigns beyond the viewer's share it: only who administers all of them changes it.</summary>
    Shared,
}

/// <summary>
/// What administrators do with clients, projects, departments and break reasons (D7). All campaigns share them: everybody who
/// administers sees them, and who administers every campaign changes them.
/// </summary>
public sealed class CatalogueStore(
    IDbContextFactory<Database> databases, IDocumentStore documents, NpgsqlDataSource source, TimeProvider clock)
{
    private const int PageSize = 50;
    private const int Offered = 300;

    public async Task<CataloguePage> ListAsync(CatalogueKind kind, string query, int page, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var found = Entries(database, kind).Found(kind, query);
        var last = Math.Max(1, (await found.CountAsync(cancel) + PageSize - 1) / PageSize);
        var shown = Math.Clamp(page, 1, last);
        var entries = await found.OrderBy(e => e.Client).ThenBy(e => e.Name).ThenBy(e => e.Id)
            .Skip((shown - 1) * PageSize).Take(PageSize).ToListAsync(cancel);
        return new CataloguePage(entries, shown, shown < last);
    }

    public async Task<CatalogueEntry?> FindAsync(CatalogueKind kind, Guid id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await Entries(database, kind).SingleOrDefaultAsync(e => e.Id == id, cancel);
    }

    /// <summary>Whether the viewer may change the catalogues.</summary>
    public async Task<bool> MayChangeAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.AdministersAllAsync(viewer, cancel);
    }

    /// <summary>The clients a project may be of: the active ones, and the one it is of.</summary>
    public async Task<IReadOnlyList<Choice>> ClientsAsync(Guid? current, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Clients.Where(c => c.Active || c.Id == current).OrderBy(c => c.Name).Take(Offered)
            .Select(c => new Choice(c.Id, c.Name)).ToListAsync(cancel);
    }

    public async Task<(CatalogueOutcome Outcome, Guid Id)> CreateAsync(
        Viewer viewer, CatalogueKind kind, CatalogueEntry entry, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        if (!await database.AdministersAllAsync(viewer, cancel)) return (CatalogueOutcome.Shared, default);
        var id = Ids.New(clock);
        await using var session = documents.LightweightSession();
        session.InsertObjects([kind switch
        {
            CatalogueKind.Clients => new Client
            {
                Id = id,
                Name = entry.Name,
                HistoryCount = entry.HistoryCount ?? Client.UsualHistory,
                ServiceLevelTarget = entry.ServiceLevelTarget,
                ServiceLevelSeconds = entry.ServiceLevelSeconds,
            },
            CatalogueKind.Projects => new Project { Id = id, Name = entry.Name, ClientId = entry.ClientId ?? default },
            CatalogueKind.Departments => new Department { Id = id, Name = entry.Name },
            CatalogueKind.Breaks => (object)new BreakReason { Id = id, Name = entry.Name, Icon = entry.Icon ?? "" },
        }]);
        return (await SaveAsync(session, cancel), id);
    }

    /// <summary>Changes an entry unless somebody else did so since <paramref name="version"/> was read.</summary>
    public async Task<CatalogueOutcome> SaveAsync(
        Viewer viewer, CatalogueKind kind, Guid id, string version, CatalogueEntry entry, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
            if (!await database.AdministersAllAsync(viewer, cancel)) return CatalogueOutcome.Shared;
        await using var session = documents.LightweightSession();
        if (await LoadAsync(session, kind, id, cancel) is not { } named) return CatalogueOutcome.NotFound;
        if (Entry(named).Version != version) return CatalogueOutcome.Changed;
        named.Name = entry.Name;
        if (named is Client client)
        {
            client.HistoryCount = entry.HistoryCount ?? client.HistoryCount;
            (client.ServiceLevelTarget, client.ServiceLevelSeconds) = (entry.ServiceLevelTarget, entry.ServiceLevelSeconds);
        }
        if (named is Project project) project.ClientId = entry.ClientId ?? project.ClientId;
        if (named is BreakReason reason) reason.Icon = entry.Icon ?? reason.Icon;
        Update(session, named);
        return await SaveAsync(session, cancel);
    }

    /// <summary>Offers an entry to whoever chooses one, or to nobody any more; what is in it stays.</summary>
    public async Task<CatalogueOutcome> ActivateAsync(Viewer viewer, CatalogueKind kind, Guid id, bool active, CancellationToken cancel)
    {
        await using (var database = await databases.CreateDbContextAsync(cancel))
            if (!await database.AdministersAllAsync(viewer, cancel)) return CatalogueOutcome.Shared;
        CatalogueOutcome outcome;
        // Whatever somebody else saves at the same time, this is done to what they leave.
        do
        {
            await using var session = documents.LightweightSession();
            if (await LoadAsync(session, kind, id, cancel) is not { } named) return CatalogueOutcome.NotFound;
            named.Active = active;
            Update(session, named);
            outcome = await SaveAsync(session, cancel);
        }
        while (outcome == CatalogueOutcome.Changed);
        return outcome;
    }

    /// <summary>Deletes an entry nothing is in.</summary>
    public async Task<CatalogueOutcome> DeleteAsync(Viewer viewer, CatalogueKind kind, Guid id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        if (!await database.AdministersAllAsync(viewer, cancel)) return CatalogueOutcome.Shared;
        try
        {
            await using var delete = source.Statement(kind switch
            {
                CatalogueKind.Clients => "delete from docs.mt_doc_client where id = $1",
                CatalogueKind.Projects => "delete from docs.mt_doc_project where id = $1",
                // People leave a department with it, unasked: it counts as used while they are in it.
                CatalogueKind.Departments => """
                    delete from docs.mt_doc_department
                    where id = $1 and not exists (select from user_departments where department_id = $1)
                    """,
                CatalogueKind.Breaks => "delete from docs.mt_doc_breakreason where id = $1",
            }, id);
            if (await delete.ExecuteNonQueryAsync(cancel) > 0) return CatalogueOutcome.Saved;
            return await Entries(database, kind).AnyAsync(e => e.Id == id, cancel) ? CatalogueOutcome.Used : CatalogueOutcome.NotFound;
        }
        // The database's word and not a look before: somebody may use it in between.
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return CatalogueOutcome.Used;
        }
    }

    // Each names the client, because the statements order by it. Served by the keys of what is listed, and for what is in an
    // entry by projects_name, campaigns_project, campaigns_department, user_departments_department and agents_break_reason.
    internal static IQueryable<CatalogueEntry> Entries(Database database, CatalogueKind kind) => kind switch
    {
        CatalogueKind.Clients => database.Clients.Select(c => new CatalogueEntry
        {
            Id = c.Id,
            Name = c.Name,
            Active = c.Active,
            HistoryCount = c.HistoryCount,
            ServiceLevelTarget = c.ServiceLevelTarget,
            ServiceLevelSeconds = c.ServiceLevelSeconds,
            Client = null,
            Used = database.Projects.Count(p => p.ClientId == c.Id),
        }),
        CatalogueKind.Projects => database.Projects.Select(p => new CatalogueEntry
        {
            Id = p.Id,
            Name = p.Name,
            Active = p.Active,
            ClientId = p.ClientId,
            Client = p.Client.Name,
            Used = database.Campaigns.Count(c => c.ProjectId == p.Id),
        }),
        CatalogueKind.Departments => database.Departments.Select(d => new CatalogueEntry
        {
            Id = d.Id,
            Name = d.Name,
            Active = d.Active,
            Client = null,
            Used = database.Campaigns.Count(c => c.DepartmentId == d.Id) + database.UserDepartments.Count(link => link.DepartmentId == d.Id),
        }),
        CatalogueKind.Breaks => database.BreakReasons.Select(b => new CatalogueEntry
        {
            Id = b.Id,
            Name = b.Name,
            Active = b.Active,
            Icon = b.Icon,
            Client = null,
            Used = database.Agents.Count(a => a.BreakReasonId == b.Id),
        }),
    };

    // What the form sets of it.
    private static CatalogueEntry Entry(ICatalogued named) => new()
    {
        Id = named.Id,
        Name = named.Name,
        Active = named.Active,
        ClientId = (named as Project)?.ClientId,
        Icon = (named as BreakReason)?.Icon,
        HistoryCount = (named as Client)?.HistoryCount,
        ServiceLevelTarget = (named as Client)?.ServiceLevelTarget,
        ServiceLevelSeconds = (named as Client)?.ServiceLevelSeconds,
    };

    private static async Task<ICatalogued?> LoadAsync(IQuerySession session, CatalogueKind kind, Guid id, CancellationToken cancel) => kind switch
    {
        CatalogueKind.Clients => await session.LoadAsync<Client>(id, cancel),
        CatalogueKind.Projects => await session.LoadAsync<Project>(id, cancel),
        CatalogueKind.Departments => await session.LoadAsync<Department>(id, cancel),
        CatalogueKind.Breaks => await session.LoadAsync<BreakReason>(id, cancel),
    };

    // Refused where somebody else has stored it since it was loaded.
    private static void Update(IDocumentSession session, ICatalogued named)
    {
        var next = named.Version + 1;
        switch (named)
        {
            case Client client: session.UpdateRevision(client, next); break;
            case Project project: session.UpdateRevision(project, next); break;
            case Department department: session.UpdateRevision(department, next); break;
            case BreakReason reason: session.UpdateRevision(reason, next); break;
            default: throw new ArgumentOutOfRangeException(nameof(named));
        }
    }

    private static async Task<CatalogueOutcome> SaveAsync(IDocumentSession session, CancellationToken cancel)
    {
        try
        {
            await session.SaveChangesAsync(cancel);
            return CatalogueOutcome.Saved;
        }
        catch (ConcurrencyException)
        {
            return CatalogueOutcome.Changed;
        }
        catch (Exception problem) when (Documents.Refusal(problem) == PostgresErrorCodes.UniqueViolation)
        {
            return CatalogueOutcome.NameTaken;
        }
        // The client chosen for it was deleted by somebody else.
        catch (Exception problem) when (Documents.Refusal(problem) == PostgresErrorCodes.ForeignKeyViolation)
        {
            return CatalogueOutcome.NotFound;
        }
    }
}
