namespace Appliance.Cluster.Storage;

/// <summary>The one folder that holds everything we keep (<c>DATA_DIR</c>), and the names of what is in it.</summary>
/// <param name="Path">An absolute path of an existing, writable folder.</param>
public sealed record DataDirectory(string Path)
{
    /// <summary>The SQLite file.</summary>
    public string Database => In("appliance.db");

    /// <summary>The operator's own recipes; may be absent.</summary>
    public string OperatorRecipes => In("models.yaml");

    /// <summary>What was set by the page, the API or a person's editor; may be absent. Holds secrets.</summary>
    public string Settings => In("app_settings.json");

    /// <summary>Machines, lanes and services beyond the environment keys; may be absent.</summary>
    public string ClusterFile => In("cluster.yaml");

    /// <summary>Our private SSH key unless <c>SSH_KEY_PATH</c> names another; made when absent, mode 0600.</summary>
    public string SshKey => In("ssh/id_ed25519");

    /// <summary>The host keys that a person confirmed.</summary>
    public string KnownHosts => In("ssh/known_hosts");

    /// <summary>Keys that protect what the browser holds; mode 0700.</summary>
    public string ProtectionKeys => In("keys");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
