using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>What lists find by a few letters, without case and accents, from the indexes <c>…_search…</c> of trigrams.</summary>
static class Searches
{
    // Without it the provider says that there is none.
    private const string Escape = "\\";

    /// <param name="query">As typed; empty finds all.</param>
    public static IQueryable<User> Found(this IQueryable<User> users, string query)
    {
        if (Folding.Pattern(query) is not { Length: > 0 } pattern) return users;
        return users.Where(u => EF.Functions.Like(Database.Fold(u.DisplayName), pattern, Escape) || EF.Functions.Like(Database.Fold(u.Email!), pattern, Escape));
    }

    /// <inheritdoc cref="Found(IQueryable{User}, string)"/>
    public static IQueryable<Campaign> Found(this IQueryable<Campaign> campaigns, string query)
    {
        if (Folding.Pattern(query) is not { Length: > 0 } pattern) return campaigns;
        return campaigns.Where(c => EF.Functions.Like(Database.Fold(c.Name), pattern, Escape));
    }

    /// <summary>Projects are found by their client's name too.</summary>
    /// <inheritdoc cref="Found(IQueryable{User}, string)"/>
    public static IQueryable<CatalogueEntry> Found(this IQueryable<CatalogueEntry> entries, CatalogueKind kind, string query)
    {
        if (Folding.Pattern(query) is not { Length: > 0 } pattern) return entries;
        return kind == CatalogueKind.Projects
            ? entries.Where(e => EF.Functions.Like(Database.Fold(e.Name), pattern, Escape) || EF.Functions.Like(Database.Fold(e.Client!), pattern, Escape))
            : entries.Where(e => EF.Functions.Like(Database.Fold(e.Name), pattern, Escape));
    }
}
