using Appliance.Gateway.Bodies;
using Appliance.Gateway.Forms;

namespace Appliance.Gateway.PassThrough;

/// <summary>A form whose beginning was read.</summary>
internal sealed class FormRequest(FormBody form) : ReceivedRequest(form.Model)
{
    public override OutgoingBody ForUpstream(string servedName)
    {
        form.SendAs(servedName);
        return form;
    }

    public override void Dispose()
    {
    }
}
