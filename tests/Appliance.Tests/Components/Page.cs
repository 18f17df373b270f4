using AngleSharp.Dom;
using Bunit;

namespace Appliance.Tests.Components;

/// <summary>Finds what a person finds: by words and roles.</summary>
internal static class Page
{
    public static string Words(this IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page) =>
        Collapse(string.Join(' ', page.Nodes.Select(Words)));

    public static string Words(this INode node) => Collapse(string.Join(' ', Texts(node)));

    public static IElement Button(this IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page, string name) =>
        page.FindButton(name) ?? throw new InvalidOperationException($"No button '{name}' in: {page.Words()}");

    public static IElement? FindButton(this IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page, string name) =>
        page.FindAll("button").FirstOrDefault(button => button.Words() == name);

    public static IElement Link(this IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page, string name) =>
        page.FindAll("a").FirstOrDefault(link => link.Words() == name) ?? throw new InvalidOperationException($"No link '{name}' in: {page.Words()}");

    /// <summary>A part of the page with a name: a section, a card, a list.</summary>
    public static IElement Part(this IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page, string name) => page.Find($"[aria-label='{name}']");

    // Neighbours on the page are words apart, though the markup has no blank between them.
    private static IEnumerable<string> Texts(INode node) => node is IText text ? [text.Data] : node.ChildNodes.SelectMany(Texts);

    private static string Collapse(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
