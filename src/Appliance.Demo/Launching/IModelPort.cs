using Appliance.Demo.FakeUpstreams;

namespace Appliance.Demo.Launching;

/// <summary>A port on which a simulated server answers: a real listener (<see cref="FakeModelServer"/>), or one that only pretends, where no socket may be.</summary>
internal interface IModelPort : IAsyncDisposable
{
    /// <summary>Its number, the same open or closed.</summary>
    int Port { get; }

    /// <summary>How the server behaves; holds over a close and reopen.</summary>
    FakeServerBehaviour Behaviour { get; set; }

    /// <summary>Answers from now on, as a server that has just loaded this model.</summary>
    Task OpenAsync(FakeModel model, CancellationToken cancellationToken);

    /// <summary>Answers nothing any more.</summary>
    Task CloseAsync();
}
