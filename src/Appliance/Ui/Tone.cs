namespace Appliance.Ui;

/// <summary>How a state looks: each has a colour and a shape of its own.</summary>
public enum Tone
{
    /// <summary>All is well: a full disc.</summary>
    Ok,

    /// <summary>At work: a half-full disc.</summary>
    Busy,

    /// <summary>On the way or worth a look: a diamond.</summary>
    Warm,

    /// <summary>Broken: a triangle.</summary>
    Bad,

    /// <summary>Off or unknown: a ring.</summary>
    Off,
}
