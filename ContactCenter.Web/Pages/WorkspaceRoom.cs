using ContactCenter.Pages.Contacts;
using ContactCenter.Pages.Conversations;
using ContactCenter.Pages.DirectMessages;
using ContactCenter.Pages.Inbox;
using ContactCenter.Pages.Supervision;
using ContactCenter.Storage;

namespace ContactCenter.Pages;

public static class WorkspaceRoom
{
    public static IServiceCollection AddWorkspace(this IServiceCollection services) => services
        .AddSingleton<InboxStore>()
        .AddSingleton<DossierStore>()
        .AddSingleton<ContactStore>()
        .AddSingleton<BoardStore>()
        .AddSingleton<FloorStore>()
        .AddSingleton<DirectMessageStore>()
        .AddSingleton<Talks>()
        .AddSingleton<Boards>()
        .AddSingleton<Workspaces>()
        .AddSingleton<Panes>()
        .AddSingleton<Panels>();
}
