using Appliance.Cluster.Keys;
using Appliance.Security;
using Shouldly;
using Xunit;

namespace Appliance.Tests.Keys;

/// <summary>T-40: the table of what needs which key.</summary>
public sealed class KeyRulesTests
{
    [Fact]
    public void T40_Off_needs_nothing() =>
        Enum.GetValues<SecurityClass>().ShouldAllBe(securityClass => KeyRules.FindNeeded(securityClass, KeyDemand.Off) == null);

    [Theory]
    [InlineData(nameof(SecurityClass.PublicRead), null, null)]
    [InlineData(nameof(SecurityClass.Door), null, null)]
    [InlineData(nameof(SecurityClass.OperatorRead), null, KeyScope.Use)]
    [InlineData(nameof(SecurityClass.Proxy), null, KeyScope.Use)]
    [InlineData(nameof(SecurityClass.Mutate), KeyScope.Swap, KeyScope.Swap)]
    [InlineData(nameof(SecurityClass.Destructive), KeyScope.Admin, KeyScope.Admin)]
    [InlineData(nameof(SecurityClass.Administer), KeyScope.Admin, KeyScope.Admin)]
    [InlineData(nameof(SecurityClass.Page), KeyScope.Admin, KeyScope.Admin)]
    public void T40_Class_needs_a_scope(string securityClass, KeyScope? forChanges, KeyScope? forAll)
    {
        KeyRules.FindNeeded(Enum.Parse<SecurityClass>(securityClass), KeyDemand.Changes).ShouldBe(forChanges);
        KeyRules.FindNeeded(Enum.Parse<SecurityClass>(securityClass), KeyDemand.All).ShouldBe(forAll);
    }
}
