using ContactCenter.Pages.Administration.Users;
using ContactCenter.Storage;

namespace ContactCenter.Pages.Administration;

public static class AdministrationRoom
{
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services
        .AddSingleton<CampaignStore>()
        .AddScoped<UserStore>()
        .AddSingleton<Sending>();
}
