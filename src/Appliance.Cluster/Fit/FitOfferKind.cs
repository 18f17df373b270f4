namespace Appliance.Cluster.Fit;

/// <summary>What an offer asks a person to do.</summary>
public enum FitOfferKind
{
    /// <summary>To put the model elsewhere.</summary>
    OtherLane,

    /// <summary>To stop the model of another lane on the same machine.</summary>
    StopLane,

    /// <summary>To stop programs beside the models: speech, embeddings.</summary>
    StopServices,

    /// <summary>To let the model keep less of a conversation in mind.</summary>
    ShorterContext,
}
