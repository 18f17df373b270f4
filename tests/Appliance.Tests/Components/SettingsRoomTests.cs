using System.Collections.Immutable;
using Appliance.Cluster.Settings;
using Appliance.Settings;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class SettingsRoomTests : ComponentTests
{
    private static readonly NumberSetting Hold = new()
    {
        Key = "HOLD_SECONDS",
        Title = "Wait for a model",
        Help = "How long a request waits, in seconds.",
        Section = "Requests",
        Default = 60,
        Least = 0,
        Most = 600,
    };

    private static readonly SwitchSetting Auto = new() { Key = "AUTO_SWAP", Title = "Change by itself", Help = "On or off.", Section = "Requests", Default = false };

    private static readonly ChoiceSetting Store = new() { Key = "VECTOR_STORE", Title = "Store", Help = "Where.", Section = "Search", Default = "embedded", Words = ["embedded", "qdrant"] };

    private static readonly TextSetting Host = new()
    {
        Key = "SPARK1_HOST",
        Title = "First machine",
        Help = "Its address.",
        Section = "Machines",
        Default = null,
        Example = "192.0.2.11",
        NeedsRestart = true,
    };

    private static readonly TextSetting Secret = new()
    {
        Key = "SWAP_WEBHOOK_SECRET",
        Title = "Webhook secret",
        Help = "Signs.",
        Section = "Webhook",
        Default = null,
        Example = "a-long-word",
        Hides = true,
    };

    private readonly Dictionary<string, SettingEdit> _edits = [];
    private readonly List<string> _asked = [];

    [Fact]
    public void Each_kind_has_its_own_field_with_label_and_help()
    {
        var room = Show();

        room.FindAll("h2").Select(heading => heading.Words()).ShouldBe(["Requests", "Search", "Machines", "Webhook"]);
        room.Find("#setting-hold_seconds").GetAttribute("value").ShouldBe("60");
        room.Find("#setting-hold_seconds").GetAttribute("inputmode").ShouldBe("numeric");
        room.Find("#setting-auto_swap").GetAttribute("role").ShouldBe("switch");
        room.FindAll("#setting-vector_store option").Select(option => option.Words()).ShouldBe(["embedded", "qdrant"]);
        foreach (var field in room.FindAll("input, select"))
        {
            room.Find($"label[for='{field.Id}']").Words().ShouldNotBeEmpty();
            room.Find($"#{field.GetAttribute("aria-describedby")}").Words().ShouldNotBeEmpty();
        }

        room.Words().ShouldContain("How long a request waits, in seconds. From 0 to 600.");
        room.Button("Save").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Field_says_where_its_value_comes_from_and_when_it_counts()
    {
        var room = Show(environment: [("AUTO_SWAP", "yes")], file: [(Host, "192.0.2.11"), (Hold, "30")], waiting: true);

        room.Words().ShouldContain("From the environment (AUTO_SWAP).");
        room.Words().ShouldContain("Set here. Waits for the next start of the appliance.");
        room.Part("Start the appliance again for these").Words().ShouldContain("First machine");
        room.Find("[aria-label='Put back to 60: Wait for a model']").Click();
        _edits["HOLD_SECONDS"].ShouldBe(new SettingEdit.PutBack());
    }

    [Fact]
    public void Each_section_can_be_gone_to_and_says_once_from_when_its_changes_count()
    {
        var room = Show();

        foreach (var link in room.FindAll("nav a"))
        {
            room.Find($"section[id='{link.GetAttribute("href")!.Split('#')[1]}'] h2").Words().ShouldBe(link.Words());
        }

        room.Find("nav a").GetAttribute("href").ShouldBe("/settings#requests");
        room.Find("#machines").Words().ShouldContain("What is changed here counts from the next start of the appliance.");
        room.Find("#machines").Words().ShouldNotContain("Counts from the next start.");
        room.Find("#requests").Words().ShouldNotContain("next start");
    }

    [Fact]
    public void What_is_typed_waits_for_save_and_can_be_discarded()
    {
        var room = Show();
        room.Find("#setting-hold_seconds").Input("30");
        room.Find("#setting-auto_swap").Change(true);
        _edits["HOLD_SECONDS"].ShouldBe(new SettingEdit.Typed("30"));
        _edits["AUTO_SWAP"].ShouldBe(new SettingEdit.Typed("on"));

        var edited = Show(draft: [("HOLD_SECONDS", "30"), ("AUTO_SWAP", "off")]);
        edited.Find("[role=status]").Words().ShouldBe("1 change is not saved");
        edited.Button("Discard").Click();
        edited.Find("form").Submit();
        _asked.ShouldBe(["discard", "save"]);
    }

    [Fact]
    public void Bad_value_is_told_at_its_field()
    {
        var problem = new SettingProblem("HOLD_SECONDS", Hold.FindProblem("many")!);
        var room = Show(draft: [("HOLD_SECONDS", "many")], outcome: new SettingsOutcome.Refused([problem]), errors: [problem]);

        var field = room.Find("#setting-hold_seconds");
        field.GetAttribute("value").ShouldBe("many");
        field.GetAttribute("aria-invalid").ShouldBe("true");
        field.GetAttribute("aria-describedby").ShouldBe("setting-hold_seconds-help setting-hold_seconds-error");
        room.Find("#setting-hold_seconds-error").Words().ShouldBe("Has to be a number from 0 to 600, for example 60.");
        room.Find("[role=status]").Words().ShouldBe("One value cannot be taken, so nothing was saved");
    }

    [Fact]
    public void Secret_is_never_part_of_the_page()
    {
        var room = Show(file: [(Secret, "canary-0123456789")]);
        room.Markup.ShouldNotContain("canary");
        room.Part("Webhook").Words().ShouldContain("Is set");

        room.Find("[aria-label='Remove Webhook secret']").Click();
        _edits["SWAP_WEBHOOK_SECRET"].ShouldBe(new SettingEdit.Typed(""));
        room.Find("[aria-label='Replace Webhook secret']").Click();
        room.Find("#setting-swap_webhook_secret").Input("another-canary");
        _edits["SWAP_WEBHOOK_SECRET"].ShouldBe(new SettingEdit.Typed("another-canary"));

        var typed = Show(draft: [("SWAP_WEBHOOK_SECRET", "another-canary")]);
        typed.Find("#setting-swap_webhook_secret").GetAttribute("type").ShouldBe("password");
        typed.Markup.ShouldNotContain("another-canary");
        Show(file: [(Secret, "x-long-word")], draft: [("SWAP_WEBHOOK_SECRET", "")]).Part("Webhook").Words().ShouldContain("Will be removed");
    }

    [Fact]
    public void Saved_is_said_and_can_be_undone()
    {
        var room = Show(outcome: new SettingsOutcome.Done([Hold], ImmutableDictionary<string, string?>.Empty, KeptCopy: null));

        room.Find("[role=status]").Words().ShouldBe("Saved");
        room.Button("Undo").Click();
        _asked.ShouldBe(["undo"]);
    }

    [Fact]
    public void Bad_file_is_told_on_top() =>
        Show(problems: ["Line 3, column 5: this is not JSON."]).Part("app_settings.json has something to mend").Words().ShouldContain("Line 3, column 5");

    [Fact]
    public void Draft_becomes_the_fewest_changes()
    {
        var sheet = Sheet([("SPARK1_HOST", "192.0.2.11")], [(Hold, "30"), (Secret, "a-long-word")], waiting: false, []);

        sheet.ChangesOf(Draft(("HOLD_SECONDS", " 30 "), ("AUTO_SWAP", "off"), ("SPARK1_HOST", "192.0.2.11"))).ShouldBeEmpty();
        sheet.ChangesOf(Draft(("HOLD_SECONDS", "60"), ("SPARK1_HOST", ""), ("SWAP_WEBHOOK_SECRET", ""))).ShouldBe(
            Draft(("HOLD_SECONDS", null), ("SPARK1_HOST", ""), ("SWAP_WEBHOOK_SECRET", null)), ignoreOrder: true);
    }

    private static ImmutableDictionary<string, string?> Draft(params (string Key, string? Text)[] texts) => texts.ToImmutableDictionary(pair => pair.Key, pair => pair.Text);

    private static SettingsSheet Sheet((string Key, string Text)[] environment, (Setting Setting, string Text)[] file, bool waiting, string[] problems)
    {
        Setting[] all = [Hold, Auto, Store, Host, Secret];
        var under = environment.ToImmutableDictionary(pair => pair.Key, pair => (pair.Text, SettingSource.Environment));
        var values = new SettingValues(under.SetItems(file.Select(pair => KeyValuePair.Create(pair.Setting.Key, (pair.Text, SettingSource.File)))));
        return SettingsSheet.Of(all, values, new SettingValues(under), waiting ? [Host] : [], [.. problems]);
    }

    private IRenderedComponent<SettingsRoom> Show(
        (string Key, string Text)[]? environment = null,
        (Setting Setting, string Text)[]? file = null,
        (string Key, string? Text)[]? draft = null,
        SettingsOutcome? outcome = null,
        SettingProblem[]? errors = null,
        string[]? problems = null,
        bool waiting = false) => Render<SettingsRoom>(parameters => parameters
            .Add(room => room.Sheet, Sheet(environment ?? [], file ?? [], waiting, problems ?? []))
            .Add(room => room.Draft, Draft(draft ?? []))
            .Add(room => room.Errors, (errors ?? []).ToImmutableDictionary(problem => problem.Key, SettingWords.AtField))
            .Add(room => room.Outcome, outcome)
            .Add(room => room.OnEdit, edited => _edits[edited.Setting.Key] = edited.Edit)
            .Add(room => room.OnSave, () => _asked.Add("save"))
            .Add(room => room.OnDiscard, () => _asked.Add("discard"))
            .Add(room => room.OnUndo, () => _asked.Add("undo")));
}
