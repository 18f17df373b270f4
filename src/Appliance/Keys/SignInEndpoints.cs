using Appliance.Cluster.Keys;
using Appliance.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Keys;

/// <summary>How a browser gets in and out. Plain pages and forms: a live page needs to be let in first.</summary>
internal static class SignInEndpoints
{
    private const string Form = "application/x-www-form-urlencoded";

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("").WithSecurityClass(SecurityClass.Door).ExcludeFromDescription();
        group.MapGet(SignInPaths.SignIn, (string? to) => Show(to, null, StatusCodes.Status200OK));
        group.MapPost(SignInPaths.SignIn, SignInAsync).Accepts<IFormCollection>(Form).DisableAntiforgery();
        group.MapPost(SignInPaths.SignOut, SignOut).Accepts<IFormCollection>(Form).DisableAntiforgery();
    }

    private static async Task<IResult> SignInAsync(HttpContext context, KeyBook keys, BrowserPass pass, WrongKeys wrong, CancellationToken cancellationToken)
    {
        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            // Too many fields, or a zero byte: no page of ours sends that.
            return Show(null, "This could not be read. Paste the key again.", StatusCodes.Status400BadRequest);
        }

        var to = form["to"].FirstOrDefault();
        switch (keys.Find(form["key"].FirstOrDefault()?.Trim()))
        {
            case { Scope: KeyScope.Admin } key:
                pass.Give(context, key);
                return TypedResults.LocalRedirect(SignInPaths.Target(to));
            case not null:
                return Show(to, "This key is for programs. Sign in with a key that may do everything.", StatusCodes.Status403Forbidden);
            case null when wrong.Note(context.Connection.RemoteIpAddress) is not null:
                return Show(to, "Too many wrong keys came from here. Wait a minute.", StatusCodes.Status429TooManyRequests);
            default:
                return Show(to, "This key is not good here. Look whether it was copied whole.", StatusCodes.Status403Forbidden);
        }
    }

    private static RedirectHttpResult SignOut(HttpContext context)
    {
        BrowserPass.Take(context);
        return TypedResults.LocalRedirect(SignInPaths.SignIn);
    }

    private static RazorComponentResult<SignInPage> Show(string? to, string? problem, int status) =>
        new(new { To = SignInPaths.Target(to), Problem = problem }) { StatusCode = status };
}
