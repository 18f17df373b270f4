using System.Collections.Immutable;
using Appliance.Cluster.Primitives;
using Microsoft.JSInterop;

namespace Appliance.Dashboard;

/// <summary>Which failures a reader does not want to see again: a preference, so it lives in that reader's browser.</summary>
internal sealed class DismissedJobs(IJSRuntime script)
{
    private const string Key = "appliance.dismissed";

    // One failure per lane is shown at a time; a few are enough to remember.
    private const int Most = 8;

    public async Task<ImmutableHashSet<SwapJobId>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = await script.InvokeAsync<string?>("localStorage.getItem", cancellationToken, Key);
            return Parse(text);
        }
        catch (JSException)
        {
            // Storage is blocked in this browser: nothing is remembered, everything is shown.
            return [];
        }
        catch (JSDisconnectedException)
        {
            return [];
        }
    }

    public async Task WriteAsync(ImmutableHashSet<SwapJobId> jobs, CancellationToken cancellationToken)
    {
        try
        {
            await script.InvokeVoidAsync("localStorage.setItem", cancellationToken, Key, string.Join(' ', jobs.Take(Most)));
        }
        catch (JSException)
        {
            // Storage is blocked in this browser: the choice lasts as long as the page.
        }
        catch (JSDisconnectedException)
        {
            // The browser left.
        }
    }

    private static ImmutableHashSet<SwapJobId> Parse(string? text)
    {
        var jobs = ImmutableHashSet.CreateBuilder<SwapJobId>();
        foreach (var word in (text ?? "").Split(' ', Most + 1, StringSplitOptions.RemoveEmptyEntries).Take(Most))
        {
            if (SwapJobId.TryParse(word, out var job))
            {
                jobs.Add(job);
            }
        }

        return jobs.ToImmutable();
    }
}
