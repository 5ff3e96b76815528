using ContactCenter.Pages.Administration.Catalogues;
using ContactCenter.Pages.Administration.Users;
using ContactCenter.Storage;

namespace ContactCenter.Pages.Administration;

public static class AdministrationRoom
{
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services
        .AddSingleton<CampaignStore>()
        .AddSingleton<MemberStore>()
        .AddSingleton<GroupStore>()
        .Configure<RouteOptions>(options => options.ConstraintMap["catalogue"] = typeof(CatalogueConstraint))
        .AddSingleton<CatalogueStore>()
        .AddScoped<UserStore>()
        .AddSingleton<Sending>();
}
