using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Tests.Support;

/// <summary>Somebody with an account.</summary>
public sealed record Person(string Name, string Email, params string[] Roles)
{
    public const string Password = "Contact-Center-1";
}

/// <summary>Somebody who writes to us.</summary>
public sealed record Visitor(string Name, string Email, string Language);

/// <summary>The people tests are about. Each test class finds them in its database as they are here.</summary>
public static class Cast
{
    public static readonly Person Lili = new("Lili", "lili@demo.local", Roles.Agent);
    public static readonly Person Omar = new("Omar", "omar@demo.local", Roles.Agent);
    public static readonly Person Ines = new("Inés", "ines@demo.local", Roles.Agent);
    public static readonly Person Sofia = new("Sofía", "supervisor@demo.local", Roles.Supervisor);
    public static readonly Person Ada = new("Ada", "admin@demo.local", Roles.Administrator);

    public static readonly IReadOnlyList<Person> Staff = [Lili, Omar, Ines, Sofia, Ada];

    public static readonly Visitor Marta = new("Marta Rodríguez", "marta@rodriguez.uy", "es");
    public static readonly Visitor Joao = new("João Silva", "joao@silva.br", "pt");

    /// <summary>Gives them their accounts.</summary>
    internal static async Task EnterAsync(IServiceProvider services)
    {
        var accounts = services.GetRequiredService<Accounts>();
        foreach (var person in Staff)
        {
            var creation = await accounts.CreateAsync(new NewAccount(person.Email, person.Name, Person.Password, person.Roles));
            Assert.Empty(creation.Errors);
        }
    }
}
