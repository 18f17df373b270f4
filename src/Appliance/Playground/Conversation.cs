using System.Collections.Immutable;
using System.Text;
using Appliance.Cluster.Primitives;

namespace Appliance.Playground;

/// <summary>One reader's conversation: sends a message, takes the answer in, tells its page at most ten times a second. Used from one circuit.</summary>
internal sealed class Conversation(LaneChat chat, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _stop;

    public ImmutableArray<ChatTurn> Turns { get; private set; } = [];

    public bool IsAnswering => _stop is not null;

    public async Task SendAsync(LaneId lane, string modelName, string text, Action show)
    {
        Turns = Turns.Add(new ChatTurn { IsByPerson = true, Text = text });
        var asked = Turns;
        var answer = new ChatTurn { IsByPerson = false, ModelName = modelName, IsComing = true };
        Turns = Turns.Add(answer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        _stop = stop;
        show();
        var (words, thoughts) = (new StringBuilder(), new StringBuilder());
        var begun = time.GetTimestamp();
        var shown = begun;
        try
        {
            await foreach (var piece in chat.AskAsync(lane, asked, stop.Token))
            {
                answer = Take(answer, piece, words, thoughts, begun);
                if (time.GetElapsedTime(shown) >= Pause)
                {
                    shown = time.GetTimestamp();
                    Replace(answer with { Text = words.ToString(), Thinking = thoughts.ToString() });
                    show();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            answer = answer with { Trouble = _left.IsCancellationRequested ? null : "Stopped by you." };
        }
        finally
        {
            _stop = null;
            Replace(answer with { Text = words.ToString(), Thinking = thoughts.ToString(), IsComing = false });
        }
    }

    public void Stop() => _stop?.Cancel();

    public void Clear() => Turns = IsAnswering ? Turns : [];

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private ChatTurn Take(ChatTurn answer, ChatPiece piece, StringBuilder words, StringBuilder thoughts, long begun)
    {
        switch (piece)
        {
            case ChatPiece.Words more:
                words.Append(more.Text);
                break;
            case ChatPiece.Thought more:
                thoughts.Append(more.Text);
                break;
            case ChatPiece.Failed failed:
                return answer with { Trouble = failed.Why };
        }

        return answer.FirstWordAfter is null ? answer with { FirstWordAfter = time.GetElapsedTime(begun) } : answer;
    }

    private void Replace(ChatTurn answer) => Turns = Turns.SetItem(Turns.Length - 1, answer);
}
