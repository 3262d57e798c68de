#ifndef CSTARTUP_H
#define CSTARTUP_H

/// Gives the process the cores back that were kept from it while shared libraries were initialised. Called first in
/// `main`.
void tessera_startup(void);

#endif
