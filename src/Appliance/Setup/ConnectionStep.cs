namespace Appliance.Setup;

/// <summary>The steps of a connection test, in their order: each needs the ones before.</summary>
internal enum ConnectionStep
{
    HostKey,
    Login,
    Docker,
    Launcher,
    Models,
}
