using ContactCenter.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>What came of saving a contact.</summary>
public enum ContactOutcome
{
    Saved,

    /// <summary>No such contact within reach.</summary>
    NotFound,

    /// <summary>Somebody else saved it since it was read.</summary>
    Changed,
}

/// <summary>Contacts and the notes about them. Who may read one of a contact's conversations may read and mend the contact.</summary>
public sealed class ContactStore(IDbContextFactory<Database> databases, NpgsqlDataSource source, TimeProvider clock)
{
    private const int AnnotationsListed = 100;

    public async Task<Contact?> FindAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        if (!await IsWithinAsync(viewer, id, cancel)) return null;
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Contacts.AsNoTracking().SingleOrDefaultAsync(contact => contact.Id == id, cancel);
    }

    /// <summary>Changes a contact unless somebody else did so since <paramref name="version"/> was read.</summary>
    public async Task<ContactOutcome> SaveAsync(
        Viewer viewer, Guid id, uint version, Action<Contact> change, CancellationToken cancel)
    {
        if (!await IsWithinAsync(viewer, id, cancel)) return ContactOutcome.NotFound;
        await using var database = await databases.CreateDbContextAsync(cancel);
        var contact = await database.Contacts.SingleAsync(found => found.Id == id, cancel);
        database.Entry(contact).Property(found => found.Version).OriginalValue = version;
        change(contact);
        try
        {
            await database.SaveChangesAsync(cancel);
            return ContactOutcome.Saved;
        }
        catch (DbUpdateConcurrencyException)
        {
            return ContactOutcome.Changed;
        }
    }

    /// <summary>The notes, newest first (C4).</summary>
    public async Task<IReadOnlyList<Annotation>> AnnotationsAsync(Guid contact, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Annotations.AsNoTracking().Where(note => note.ContactId == contact)
            .OrderByDescending(note => note.At).Take(AnnotationsListed).ToListAsync(cancel);
    }

    /// <summary>Writes a note down; the same id twice writes it once.</summary>
    /// <returns>False where the contact is not within reach.</returns>
    public async Task<bool> AnnotateAsync(
        Viewer viewer, Guid contact, Guid id, string authorName, string text, CancellationToken cancel)
    {
        await using var command = source.Statement($"""
            with k as (
                select 1 from conversations c where c.contact_id = $3 and {ReachSql.Readable} limit 1
            ), n as (
                insert into annotations (id, contact_id, author_id, author_name, at, text)
                select $4, $3, $1, $5, $6, $7 from k on conflict (id) do nothing
            )
            select count(*) from k
            """, viewer.Id, viewer.Supervises, contact, id, authorName, clock.GetUtcNow(), text);
        return (long)(await command.ExecuteScalarAsync(cancel))! > 0;
    }

    private async Task<bool> IsWithinAsync(Viewer viewer, Guid contact, CancellationToken cancel)
    {
        await using var command = source.Statement(
            $"select 1 from conversations c where c.contact_id = $3 and {ReachSql.Readable} limit 1",
            viewer.Id, viewer.Supervises, contact);
        return await command.ExecuteScalarAsync(cancel) is not null;
    }
}
