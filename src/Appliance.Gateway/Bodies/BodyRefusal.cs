using Microsoft.AspNetCore.Http;

namespace Appliance.Gateway.Bodies;

/// <summary>Finds in an exception what the web server, or the reader of a form, said of a request's body that it could not read. Pure.</summary>
internal static class BodyRefusal
{
    /// <summary>Null when the exception is about something else.</summary>
    public static BadHttpRequestException? Find(Exception? cause) => cause switch
    {
        null => null,
        BadHttpRequestException bad => bad,
        // So the web server says that a chunk is longer than any number.
        IOException { InnerException: OverflowException } => new BadHttpRequestException(cause.Message, StatusCodes.Status400BadRequest, cause),
        AggregateException many => many.InnerExceptions.Select(Find).FirstOrDefault(found => found is not null),
        _ => Find(cause.InnerException),
    };
}
