using Appliance.Cluster.Keys;

namespace Appliance.Security;

/// <summary>A call that was let in, until it ends. Thread-safe.</summary>
internal sealed class OpenCall(HttpContext context, SecurityClass securityClass, AccessKey? key)
{
    private readonly Lock _gate = new();
    private bool _isOver;

    /// <summary>Whether it would still be let in.</summary>
    public bool IsGood(KeyBook keys) =>
        KeyRules.FindNeeded(securityClass, keys.Demand) is not { } needed || (key?.Scope >= needed && keys.IsGood(key));

    /// <summary>Ends its connection, whatever it was doing; false when it was over.</summary>
    public bool TryCut()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return false;
            }

            _isOver = true;
            context.Abort();
            return true;
        }
    }

    /// <summary>It has ended by itself. The server uses the context again for the next call of the connection, which must not be cut in its place.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
        }
    }
}
