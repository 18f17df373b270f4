namespace Appliance.Demo.FakeUpstreams;

/// <summary>One token of an answer.</summary>
/// <param name="Kind">Where it belongs.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct FakePiece(FakePieceKind Kind, string Text);
