using Appliance.Cluster.Shell;
using Appliance.Cluster.View;
using Appliance.Dashboard;
using Appliance.Setup;
using Appliance.TestKit.Given;
using Bunit;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Components;

public sealed class HostCardTests : ComponentTests
{
    private const string Fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly List<string> _asked = [];

    [Theory]
    [InlineData(HostFaultKind.HostKeyUnknown, "Trust this machine")]
    [InlineData(HostFaultKind.HostKeyChanged, "Trust the new key")]
    public void Machine_to_be_confirmed_shows_why_its_fingerprint_and_the_button(HostFaultKind kind, string button)
    {
        var card = Show(kind, fault => new HostHelp(fault, Fingerprint));

        card.Words().ShouldContain("Because of this.");
        card.Words().ShouldContain(Fingerprint);
        card.Button(button).Click();
        _asked.ShouldBe(["trust spark-1"]);
    }

    [Fact]
    public void Machine_without_a_known_fingerprint_has_nothing_to_confirm() =>
        Show(HostFaultKind.HostKeyUnknown, fault => new HostHelp(fault)).FindButton("Trust this machine").ShouldBeNull();

    [Fact]
    public void Machine_that_refuses_us_shows_our_key_in_a_labelled_field_and_can_be_tested_again()
    {
        var card = Show(HostFaultKind.AuthenticationFailed, fault => new HostHelp(fault, PublicKey: "ssh-ed25519 AAAA appliance"));

        var field = card.Find("input[readonly]");
        field.GetAttribute("value").ShouldBe("ssh-ed25519 AAAA appliance");
        card.Find($"label[for='{field.Id}']").Words().ShouldBe("Add this line to ~/.ssh/authorized_keys on Spark 1");
        card.Button("Test again").Click();
        _asked.ShouldBe(["test spark-1"]);
    }

    [Fact]
    public void Dialog_says_how_to_compare_and_cancel_has_the_focus()
    {
        var dialog = Render<TrustDialog>(parameters => parameters
            .Add(dialog => dialog.HostName, "Spark 1")
            .Add(dialog => dialog.Fingerprint, Fingerprint)
            .Add(dialog => dialog.OnConfirm, () => _asked.Add("confirm"))
            .Add(dialog => dialog.OnClosed, () => _asked.Add("closed")));

        dialog.Words().ShouldContain("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
        dialog.Find("[autofocus]").Words().ShouldBe("Cancel");
        dialog.Button("They are the same: trust it").Click();
        _asked.ShouldBe(["confirm"]);
    }

    private IRenderedComponent<HostCard> Show(HostFaultKind kind, Func<HostFault, HostHelp> help)
    {
        var fault = new HostFault(kind, "Because of this.");
        return Render<HostCard>(parameters => parameters
            .Add(card => card.Host, Given.Snapshot().Unreachable(0, fault).Build().Hosts[0])
            .Add(card => card.Help, help(fault))
            .Add(card => card.OnTrust, (HostSnapshot host) => _asked.Add($"trust {host.Definition.Id}"))
            .Add(card => card.OnTest, (HostSnapshot host) => _asked.Add($"test {host.Definition.Id}")));
    }
}
