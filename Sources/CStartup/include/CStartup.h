#ifndef CSTARTUP_H
#define CSTARTUP_H

/// Does nothing; who calls it has this module linked, whose work is done before `main`.
void tessera_startup(void);

#endif
