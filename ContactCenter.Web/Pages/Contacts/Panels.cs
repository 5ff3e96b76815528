using ContactCenter.Domain;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Pages.Contacts;

public enum PanelTab
{
    Profile,
    History,
    Notes,
}

/// <summary>The contact beside a conversation: one of its tabs.</summary>
/// <param name="Conversation">The conversation it stands beside.</param>
/// <param name="Form">What the profile form shows: the contact's values, or what was typed and not accepted.</param>
/// <param name="Saved">Whether the form was just saved.</param>
/// <param name="Conflict">Whether somebody else saved meanwhile.</param>
public sealed record PanelView(
    Contact Contact, PanelTab Tab, Guid? Conversation, ContactForm Form, IReadOnlyList<PastConversation> Past, bool MorePast,
    IReadOnlyList<Annotation> Annotations, Guid NewAnnotation, string Draft = "", bool Saved = false, bool Conflict = false,
    IReadOnlyDictionary<string, string>? Problems = null)
{
    public string? Problem(string field) => Problems?.GetValueOrDefault(field);
}

/// <summary>The profile as it is edited (C1).</summary>
public sealed record ContactForm(
    string? Name, string? Email, string? Phone, string? Company, string? Position, string? DocumentNumber, string? Gender, uint Version)
{
    public static ContactForm Of(Contact contact) => new(
        contact.Name, contact.Email, contact.Phone, contact.Profile.Company, contact.Profile.Position,
        contact.Profile.DocumentNumber, contact.Profile.Gender, contact.Version);
}

/// <summary>Reads the contact panel.</summary>
public sealed class Panels(ContactStore contacts, DossierStore dossiers, TimeProvider clock)
{
    /// <summary>The panel, or null where the contact is not within the viewer's reach.</summary>
    public async Task<PanelView?> ReadAsync(Viewer viewer, Guid id, PanelTab tab, Guid? conversation, CancellationToken cancel)
    {
        if (await contacts.FindAsync(viewer, id, cancel) is not { } contact) return null;
        var listed = tab == PanelTab.History ? await dossiers.HistoryCountAsync(conversation, cancel) : 0;
        var past = tab == PanelTab.History ? await dossiers.OfContactAsync(viewer, id, listed + 1, cancel) : [];
        // The count stands on the tab, whichever is open.
        var annotations = await contacts.AnnotationsAsync(id, cancel);
        return new PanelView(
            contact, tab, conversation, ContactForm.Of(contact), [.. past.Take(listed)], past.Count > listed, annotations, Ids.New(clock));
    }
}
