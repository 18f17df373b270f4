using Microsoft.Playwright;
using Xunit;

namespace Appliance.Browser.Tests.Browsing;

/// <summary>
/// One Chromium for all tests, as the distribution packages it: nothing is downloaded. The node that drives it is part of the Playwright package.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            // Chromium's own sandbox does not work for root.
            ChromiumSandbox = false,
            // Looks the same on every machine, and needs no large /dev/shm.
            Args = ["--disable-dev-shm-usage", "--font-render-hinting=none", "--force-color-profile=srgb"],
        });
    }

    public async Task DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>A fresh visitor with that screen.</summary>
    internal async Task<Visitor> VisitAsync(Uri address, Screen screen, ColorScheme colors = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = screen.Width, Height = screen.Height },
            DeviceScaleFactor = screen.Scale,
            IsMobile = screen.IsPhone,
            HasTouch = screen.IsPhone,
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "Europe/Berlin",
            Locale = "en-GB",
        });
        return await Visitor.OpenAsync(context);
    }
}
