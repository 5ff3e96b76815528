using ContactCenter.E2E.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ContactCenter.E2E.Journeys;

/// <summary>Without a mouse, and always seeing where one is.</summary>
public sealed class KeyboardJourney : Journey
{
    [Fact]
    public Task Lili_and_Marta_use_the_keyboard_alone() => Play(async () =>
    {
        var marta = await Marta();
        await TurnTo(marta);
        await marta.OpensShop();
        await Expect(marta.Launcher).ToBeVisibleAsync();
        await Tab(marta, marta.Launcher);
        await marta.Page.Keyboard.PressAsync("Enter");
        await Expect(marta.Find("#name")).ToBeFocusedAsync();
        await Write(marta, "Marta");
        await Tab(marta, marta.Find("#email"));
        await Write(marta, "marta@example.com");
        await Tab(marta, marta.Find("#text"));
        await Write(marta, "By keyboard");
        await Tab(marta, marta.Find("#start button"));
        await marta.Page.Keyboard.PressAsync("Enter");
        await marta.IsAt("waiting");
        // The form is gone; the next thing to do has the focus.
        await Expect(marta.Composer).ToBeFocusedAsync();

        var lili = await Lili();
        await TurnTo(lili);
        await lili.GoesTo("/sign-in");
        await Expect(lili.Find("#Form_Email")).ToBeFocusedAsync();
        await Write(lili, "lili@demo.local");
        await Tab(lili, lili.Find("#Form_Password"));
        await Write(lili, ContactCenter.Hosting.DemoSeed.Password);
        await lili.Page.Keyboard.PressAsync("Enter");
        await Expect(lili.Switch).ToBeVisibleAsync();
        await lili.Page.Keyboard.PressAsync("Tab");
        await Expect(lili.Find(".skip")).ToBeFocusedAsync();
        await Tab(lili, lili.Switch);
        await lili.Page.Keyboard.PressAsync("Space");
        await Expect(lili.Switch).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(lili.Switch).ToBeFocusedAsync();

        await Expect(lili.Item("Marta")).ToBeVisibleAsync();
        await Tab(lili, lili.Item("Marta"));
        await lili.Page.Keyboard.PressAsync("Enter");
        await Expect(lili.Composer).ToBeFocusedAsync();
        await Write(lili, "Answered by keyboard");
        await lili.Page.Keyboard.PressAsync("Enter");
        await lili.Sees("Answered by keyboard");
        await Expect(lili.Composer).ToBeFocusedAsync();

        await marta.Sees("Answered by keyboard");
        await TurnTo(marta);
        // The queue went, the agent came, and what Marta was doing is as it was.
        await Expect(marta.Composer).ToBeFocusedAsync();
        await Write(marta, "Thank you");
        await marta.Page.Keyboard.PressAsync("Enter");
        await lili.Sees("Thank you");

        await TurnTo(lili);
        await Tab(lili, lili.Find("#finish"), back: true);
        await lili.Page.Keyboard.PressAsync("Enter");
        await Expect(lili.Find("#note")).ToBeFocusedAsync();
        await lili.Page.Keyboard.PressAsync("Escape");
        await Expect(lili.Find("#closure")).ToHaveCountAsync(0);
        await Expect(lili.Find("#finish")).ToBeFocusedAsync();
        await lili.Page.Keyboard.PressAsync("Enter");
        await Expect(lili.Find("#note")).ToBeFocusedAsync();
        await Write(lili, "Nobody touched a mouse");
        await Tab(lili, lili.Find("#closure button.primary"));
        await lili.Page.Keyboard.PressAsync("Enter");
        await lili.SeesReadOnly();
        await Expect(lili.Find("#title")).ToBeFocusedAsync();

        await marta.IsAt("ended");
        await TurnTo(marta);
        await Expect(marta.Find(".again button")).ToBeFocusedAsync();
        await marta.Page.Keyboard.PressAsync("Escape");
        await Expect(marta.Launcher).ToBeFocusedAsync();
        await Expect(marta.Find("#pane")).ToBeHiddenAsync();
    });

    private static Task Write(Person person, string text) => person.Page.Keyboard.TypeAsync(text);

    // Only one window has the keyboard.
    private static Task TurnTo(Person person) => person.Page.BringToFrontAsync();

    /// <summary>Presses Tab until it is there; each stop on the way can be seen.</summary>
    private static async Task Tab(Person person, ILocator goal, bool back = false)
    {
        for (var stops = 0; stops < 60; stops++)
        {
            await person.Page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
            if (!await goal.EvaluateAsync<bool>("elt => elt.getRootNode().activeElement === elt")) continue;
            Assert.True(await goal.EvaluateAsync<bool>(Visible), $"{person.Name} sees the focus on {goal}");
            return;
        }
        Assert.Fail($"{person.Name} does not reach {goal} with the keyboard.");
    }

    // An outline or a shadow that is there only with the focus, on the element or on what frames it.
    private const string Visible = """
        elt => {
          for (let each = elt, step = 0; each && step < 4; each = each.parentElement, step++) {
            const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(each);
            if (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 || boxShadow !== 'none' || each.matches(':focus-within') && each.matches('.box, .line')) return true;
          }
          return false;
        }
        """;
}
