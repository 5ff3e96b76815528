using ContactCenter.Domain;

namespace ContactCenter.Tests.Domain;

public sealed class MenusTests
{
    private static readonly MenuBot Bot = new()
    {
        Enabled = true,
        Name = "Barro",
        Welcome = new LocalText { Es = "¡Hola!" },
        Options =
        [
            new MenuOption { Label = new LocalText { Es = "Ventas y presupuestos", En = "Sales and quotes" }, Skill = "sales" },
            new MenuOption { Label = new LocalText { Es = "Soporte técnico", En = "Technical support" }, Skill = "support" },
            new MenuOption { Label = new LocalText { Es = "Soporte de envíos", En = "Shipping" }, Skill = "shipping" },
        ],
    };

    private static MenuBot WithPerson => new()
    {
        Enabled = true,
        Options = [new MenuOption { Label = new LocalText { Es = "Ventas" }, Skill = "sales" }, new MenuOption { Label = new LocalText { Es = "Otra cosa" } }],
    };

    [Fact]
    public void The_menu_numbers_its_options_in_the_contacts_language_and_ends_with_a_person()
    {
        Assert.Equal("¡Hola!\n\n1. Ventas y presupuestos\n2. Soporte técnico\n3. Soporte de envíos\n0. Hablar con una persona", Menus.Greeting(Bot, "¡Hola!", "es"));
        Assert.Equal("1. Sales and quotes\n2. Technical support\n3. Shipping\n0. Talk to a person", Menus.Greeting(Bot, "", "en"));
        Assert.Equal("1. Ventas\n2. Otra cosa", Menus.Menu(WithPerson, "es"));
    }

    [Theory]
    [InlineData("1", "sales")]
    [InlineData(" 2. ", "support")]
    [InlineData("(3)", "shipping")]
    [InlineData("2️⃣", "support")]
    [InlineData("２", "support")]
    [InlineData("Opción 2", "support")]
    [InlineData("la 1", "sales")]
    [InlineData("*1*", "sales")]
    [InlineData("VENTAS Y PRESUPUESTOS", "sales")]
    [InlineData("soporte tecnico", "support")]
    [InlineData("presupuestos", "sales")]
    [InlineData("envios", "shipping")]
    public void An_option_is_chosen_by_its_number_or_its_words(string answer, string skill) =>
        Assert.Equal(skill, Assert.IsType<MenuOutcome.Leads>(Menus.Decide(Bot, "es", answer, misses: 0)).Skill);

    [Theory]
    [InlineData("0")]
    [InlineData("Hablar con una persona")]
    [InlineData("quiero un agente")]
    [InlineData("¿hay algún humano?")]
    public void Who_asks_for_a_person_gets_one(string answer) =>
        Assert.Equal(new MenuOutcome.Person(PersonBecause.Asked), Menus.Decide(Bot, "es", answer, misses: 0));

    [Theory]
    [InlineData("4")]
    [InlineData("12")]
    [InlineData("tengo 2 macetas")]
    [InlineData("soporte")]
    [InlineData("hola")]
    [InlineData("??")]
    [InlineData("999999999999999999999")]
    public void What_is_none_of_them_is_asked_again_once_and_then_a_person_is_called(string answer)
    {
        var asks = Assert.IsType<MenuOutcome.Asks>(Menus.Decide(Bot, "es", answer, misses: 0));
        Assert.StartsWith("No entendí.", asks.Say, StringComparison.Ordinal);
        Assert.EndsWith("0. Hablar con una persona", asks.Say, StringComparison.Ordinal);
        Assert.Equal(new MenuOutcome.Person(PersonBecause.NotUnderstood), Menus.Decide(Bot, "es", answer, misses: 1));
    }

    [Fact]
    public void An_option_without_a_skill_is_the_person_and_then_there_is_no_zero()
    {
        Assert.Equal(new MenuOutcome.Person(PersonBecause.Asked), Menus.Decide(WithPerson, "es", "2", misses: 0));
        Assert.IsType<MenuOutcome.Asks>(Menus.Decide(WithPerson, "es", "0", misses: 0));
    }

    [Fact]
    public void A_bot_that_is_off_or_has_nothing_to_offer_calls_a_person()
    {
        var off = new MenuOutcome.Person(PersonBecause.SwitchedOff);
        Assert.Equal(off, Menus.Decide(new MenuBot { Enabled = true }, "es", "1", misses: 0));
        Assert.Equal(off, Menus.Decide(new MenuBot { Options = Bot.Options }, "es", "1", misses: 0));
    }

    [Fact]
    public void A_letter_instead_of_an_answer_is_cut_wherever_it_is() => Assert.IsType<MenuOutcome.Asks>(
        Menus.Decide(Bot, "es", new string('x', 199) + "😀" + new string('y', 4000), misses: 0));

    [Fact]
    public void Its_own_words_for_a_miss_come_first() => Assert.StartsWith("¿Cómo?", Assert.IsType<MenuOutcome.Asks>(Menus.Decide(
        new MenuBot { Enabled = true, Options = Bot.Options, Fallback = new LocalText { Es = "¿Cómo?" } }, "es", "x", misses: 0)).Say, StringComparison.Ordinal);
}
