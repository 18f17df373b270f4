namespace Appliance.Demo.Scenarios;

/// <summary>How a simulated model server fails while it starts.</summary>
public enum StartFailure
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It ends early with an error that names an image which is too old for the model.</summary>
    Crash,

    /// <summary>It loads its weights and then runs out of memory.</summary>
    OutOfMemory,
}
