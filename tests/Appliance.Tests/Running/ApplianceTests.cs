using Xunit;

namespace Appliance.Tests.Running;

/// <summary>Tests that share one running appliance and leave its models alone.</summary>
[CollectionDefinition(Name)]
public sealed class ApplianceTests : ICollectionFixture<ApplianceRun>
{
    public const string Name = "one appliance";
}
