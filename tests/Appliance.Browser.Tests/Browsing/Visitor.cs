using Microsoft.Playwright;
using Shouldly;

namespace Appliance.Browser.Tests.Browsing;

/// <summary>Somebody with a page open. Keeps what the browser complained about: script errors, refused content, failed requests.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    // A swap of the fast demo cluster takes a few seconds; on a busy machine with two processors a few more.
    private const float WaitMilliseconds = 30_000;

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(WaitMilliseconds);
        Assertions.SetDefaultExpectTimeout(WaitMilliseconds);
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"script error: {error}");
        page.Response += (_, response) => Complain(response.Status >= 400, $"{response.Status} for {response.Url}");
    }

    public IPage Page { get; }

    public static async Task<Visitor> OpenAsync(IBrowserContext context) => new(context, await context.NewPageAsync());

    /// <summary>Opens a page and waits until it is interactive: before that, a click would do nothing.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await WaitUntilInteractiveAsync();
    }

    // The first markup comes without handlers. The layout imports its script after its first render over the circuit: then they are there.
    public Task WaitUntilInteractiveAsync() => Page.WaitForFunctionAsync(
        "() => document.title !== '' && performance.getEntriesByType('resource').some(entry => /\\/Layout\\/MainLayout\\.([^/]+\\.)?razor\\./.test(entry.name))");

    /// <summary>Waits until the first look at the machines is over.</summary>
    public Task WaitUntilSettledAsync() => Assertions.Expect(Page.GetByText("Looking")).ToHaveCountAsync(0);

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public ILocator Region(string name) => Page.GetByRole(AriaRole.Region, new() { Name = name });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator MenuLink(string name) =>
        Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>After something that the browser has to complain about, for example a connection that was cut.</summary>
    public void ForgetComplaints() => _complaints.Clear();

    public void ShouldHaveNoComplaints() => _complaints.ShouldBeEmpty();

    public async Task ShouldNotScrollSidewaysAsync()
    {
        var tooWide = await Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth");
        tooWide.ShouldBe(0, $"{Page.Url} is too wide");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Complain(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            _complaints.Add(text);
        }
    }
}
