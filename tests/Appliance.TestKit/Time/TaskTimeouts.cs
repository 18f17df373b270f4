namespace Appliance.TestKit.Time;

/// <summary>A limit on real time for awaits that would otherwise hang a broken test run.</summary>
public static class TaskTimeouts
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task DefaultTimeout(this Task task) => task.WaitAsync(Limit, TimeProvider.System);

    public static Task<T> DefaultTimeout<T>(this Task<T> task) => task.WaitAsync(Limit, TimeProvider.System);
}
