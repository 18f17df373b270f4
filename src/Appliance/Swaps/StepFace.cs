namespace Appliance.Swaps;

/// <summary>Where a step of a job stands.</summary>
public enum StepFace
{
    Later,
    Now,
    Done,
    Failed,
}
